import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Caller } from './Caller';
import type { Clients } from './clients';
import { readPages } from './readPages';

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

  /** ARNs of what carries the tag. May lag behind by minutes. */
  findTagged(key: string, value: string): Promise<string[]> {
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
        items: page.ResourceTagMappingList?.map(item => item.ResourceARN!),
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
