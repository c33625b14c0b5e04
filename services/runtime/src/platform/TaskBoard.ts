import type { ServiceHealth } from '@genai-environments/service-kit';

/** Health by name of service. */
export type HealthByService = Record<string, ServiceHealth>;

/** Port: what the tasks of an environment know of each other. */
export interface TaskBoard {
  /** Says how the services of this task are; replaces what it said before. */
  report(health: HealthByService): Promise<void>;

  /**
   * How each service of the environment is: up when any task of it is. One whose tasks have
   * all been silent for 30 s is down; one whose tasks were all stopped is not named.
   */
  read(): Promise<HealthByService>;

  /** This task ends: it says nothing any more. */
  withdraw(): Promise<void>;
}
