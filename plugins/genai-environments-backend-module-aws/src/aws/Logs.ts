import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';

/** One line, as CloudWatch Logs keeps it. */
export type LogEvent = {
  /** Unique within the account. */
  id: string;
  /** Epoch milliseconds. */
  at: number;
  text: string;
};

export type LogQuery = {
  group: string;
  /** Epoch milliseconds. */
  from: number;
  newestFirst: boolean;
  /** In CloudWatch's own words; absent: all lines. */
  pattern?: string;
  limit: number;
};

/** CloudWatch Logs of one account and region, read only. */
export class Logs {
  constructor(
    private readonly client: Clients['logs'],
    private readonly caller: Caller,
  ) {}

  /**
   * A page, which may be empty although there are more; `next` is absent on the last one.
   * A group that does not exist has no lines.
   *
   * @throws AwsCallError
   */
  async readPage(
    { group, from, newestFirst, pattern, limit }: LogQuery,
    token?: string,
  ): Promise<{ events: LogEvent[]; next?: string }> {
    try {
      const page = await this.caller.call('logs', 'logs:FilterLogEvents', () =>
        this.client.send(
          new FilterLogEventsCommand({
            logGroupName: group,
            startTime: from,
            startFromHead: !newestFirst,
            filterPattern: pattern,
            limit,
            nextToken: token,
          }),
        ),
      );
      const events = (page.events ?? []).map(event => ({
        id: event.eventId!,
        at: event.timestamp!,
        text: event.message ?? '',
      }));
      return { events, next: page.nextToken };
    } catch (error) {
      if (isAbsence(error)) return { events: [] };
      throw error;
    }
  }
}
