import type { Clock } from '@genai-environments/service-kit';
import { HOSTED_SERVICES, type HostedService } from '../config';
import type { TaskBoard } from './TaskBoard';

const LOOK_EVERY_MS = 10_000;

/** Which services the environment runs, in this process or in others. */
export class EnvironmentServices {
  private known: HostedService[];
  private lookAgainAt = -Infinity;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly options: {
      /** Of this process. */
      services: readonly HostedService[];
      /** Absent: there are no other processes. */
      board?: TaskBoard;
      clock: Clock;
    },
  ) {
    this.known = [...options.services];
  }

  /** In the order in which they are listed; what others run is up to 10 s old. */
  async list(): Promise<readonly HostedService[]> {
    const { board, clock } = this.options;
    if (board && clock.now() >= this.lookAgainAt) {
      this.looking ??= this.look(board).finally(() => {
        this.looking = undefined;
      });
      await this.looking;
    }
    return this.known;
  }

  /** What was known holds while the board cannot be read. */
  private async look(board: TaskBoard): Promise<void> {
    const { services, clock } = this.options;
    const told = await board.read().catch(() => undefined);
    this.lookAgainAt = clock.now() + LOOK_EVERY_MS;
    if (!told) return;
    this.known = HOSTED_SERVICES.filter(
      name => services.includes(name) || name in told,
    );
  }
}
