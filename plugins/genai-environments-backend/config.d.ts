import type { HumanDuration } from '@backstage/types';

export interface Config {
  /** GenAI Environments: what the platform allows and how it reconciles. */
  genaiEnvironments?: {
    /**
     * Id of the provisioner that forms preselect. Default: the first one installed.
     * @visibility backend
     */
    defaultProvisioner?: string;

    limits?: {
      /**
       * Environments one owner may have at the same time. Default: 5.
       * @visibility backend
       */
      maxEnvironmentsPerOwner?: number;
      /**
       * Environments the portal may have at the same time. Default: 100.
       * @visibility backend
       */
      maxEnvironments?: number;
      /**
       * Applications one environment may have. Default: 20.
       * @visibility backend
       */
      maxApplicationsPerEnvironment?: number;
      /**
       * Life of an environment for which none was asked, in whole hours. Default: P7D.
       * @visibility backend
       */
      defaultLifetime?: string | HumanDuration;
      /**
       * Longest life an environment may be given, in whole hours. Default: P30D.
       * @visibility backend
       */
      maxLifetime?: string | HumanDuration;
    };

    reconciler?: {
      /**
       * Environments each replica works on at the same time. Default: 8.
       * @visibility backend
       */
      concurrency?: number;
      /**
       * How often each replica looks for work left by others. Default: 1 second.
       * @visibility backend
       */
      pollInterval?: string | HumanDuration;
      /**
       * After how long without a heartbeat another replica takes over. Default: 4 seconds.
       * @visibility backend
       */
      leaseTtl?: string | HumanDuration;
      /**
       * After how long one step of a provisioner is asked to give up. Default: 2 minutes.
       * @visibility backend
       */
      stepTimeout?: string | HumanDuration;
      /**
       * Delay after a first failure; doubles with each further one. Default: 1 second.
       * @visibility backend
       */
      initialBackoff?: string | HumanDuration;
      /**
       * Longest delay between failing attempts. Default: 60 seconds.
       * @visibility backend
       */
      maxBackoff?: string | HumanDuration;
      /**
       * How often expiry is looked at. Default: 30 seconds.
       * @visibility backend
       */
      expiryCheckInterval?: string | HumanDuration;
    };

    retention?: {
      /**
       * How long the record and the events of a deleted environment are kept. Default: P30D.
       * @visibility backend
       */
      deletedEnvironments?: string | HumanDuration;
    };
  };
}
