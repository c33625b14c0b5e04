import type { HumanDuration } from '@backstage/types';

export interface Config {
  genaiEnvironments?: {
    /** Environments in AWS accounts. Without targets there is no such provisioner. */
    aws?: {
      /**
       * Accounts and regions that were bootstrapped. Requests can only choose among them.
       * Credentials come from the section `aws` of Backstage's AWS integration.
       */
      targets?: Array<{
        /** What forms show as the region. Default: `region`. */
        id?: string;
        /** In quotes: account ids can begin with 0. */
        accountId: string;
        region: string;
        /** Default: all. */
        tiers?: Array<'sandbox' | 'standard' | 'isolated'>;
        /** Default: `s3-vectors`. */
        vectorStore?: 's3-vectors' | 'opensearch-serverless';
        /** Image of the runtime. Default: the bundled version, in the account's repository. */
        runtimeImage?: string;
        /**
         * Whether environments run the services that their projects push: the image tagged
         * `services` in the environment's own repository, once there is one. Whoever may
         * push it runs code with the roles of the environment's services.
         *
         * Default: false
         */
        ownServices?: boolean;
        /**
         * Parameters of the templates that the platform sets, e.g. `logRetentionDays`.
         * The portal does not start with keys that they do not have, nor with values that
         * they do not take.
         */
        settings?: { [parameter: string]: string | number };
      }>;

      /**
       * How long the secret before a rotation keeps working.
       *
       * Default: 24 hours
       */
      secretRotationGracePeriod?: HumanDuration | string;
    };
  };
}
