import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetResourcesCommand,
  type ResourceTagMapping,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Caller } from './Caller';
import type { Clients } from './clients';
import { readPages } from './readPages';

/** Something that carries a tag, and what CloudFormation says by tags of its own. */
export type TaggedResource = {
  arn: string;
  /** Absent: no stack made it, or AWS puts no such tags on its kind. */
  stackId?: string;
  logicalId?: string;
};

/** Questions to the account as a whole. All methods throw AwsCallError. */
export class Account {
  constructor(
    private readonly clients: Pick<Clients, 'sts' | 'tagging' | 'cloudWatch'>,
    private readonly caller: Caller,
  ) {}

  /** The account that the credentials belong to. */
  async whoAmI(): Promise<string> {
    const { Account: id } = await this.caller.call(
      'sts',
      'sts:GetCallerIdentity',
      () => this.clients.sts.send(new GetCallerIdentityCommand({})),
    );
    return id!;
  }

  /**
   * What carries the tag. Lags behind, and shows kinds that AWS keeps a while after they are
   * deleted.
   *
   * @see https://github.com/aws/aws-sdk/issues/302
   */
  findTagged(key: string, value: string): Promise<TaggedResource[]> {
    return readPages(async PaginationToken => {
      const page = await this.caller.call('tagging', 'tag:GetResources', () =>
        this.clients.tagging.send(
          new GetResourcesCommand({
            TagFilters: [{ Key: key, Values: [value] }],
            PaginationToken,
          }),
        ),
      );
      return {
        items: page.ResourceTagMappingList?.map(toTagged),
        next: page.PaginationToken,
      };
    });
  }

  /**
   * Names of composite alarms in state ALARM that begin with `prefix`; a hundred to a
   * call. Each environment has one; its scaling alarms ring also when all is well.
   */
  findAlarms(prefix: string): Promise<string[]> {
    return readPages(async NextToken => {
      const page = await this.caller.call(
        'cloudwatch',
        'cloudwatch:DescribeAlarms',
        () =>
          this.clients.cloudWatch.send(
            new DescribeAlarmsCommand({
              AlarmTypes: ['CompositeAlarm'],
              AlarmNamePrefix: prefix,
              StateValue: 'ALARM',
              MaxRecords: 100,
              NextToken,
            }),
          ),
      );
      return {
        items: page.CompositeAlarms?.map(alarm => alarm.AlarmName!),
        next: page.NextToken,
      };
    });
  }
}

function toTagged({ ResourceARN, Tags }: ResourceTagMapping): TaggedResource {
  const tag = (name: string) =>
    Tags?.find(({ Key }) => Key === `aws:cloudformation:${name}`)?.Value;
  return {
    arn: ResourceARN!,
    stackId: tag('stack-id'),
    logicalId: tag('logical-id'),
  };
}
