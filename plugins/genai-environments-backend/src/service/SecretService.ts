import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import {
  EnvironmentSpec,
  genaiCredentialRevealPermission,
  RevealedSecret,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { ApplicationStore } from '../database/ApplicationStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { ApplicationRow, EnvironmentRow } from '../database/rows';
import { assertRevealable } from './applicationRules';
import { actorOf, audited, Caller } from './Caller';
import { assertStays, EnvironmentGate } from './EnvironmentGate';
import type { ProvisionerRegistry } from './ProvisionerRegistry';

export type SecretServiceOptions = {
  environments: EnvironmentStore;
  applications: ApplicationStore;
  gate: EnvironmentGate;
  registry: ProvisionerRegistry;
  auditor: AuditorService;
  logger: LoggerService;
  now: () => number;
  onChanged: (row: EnvironmentRow) => void;
};

/**
 * The only way on which a secret leaves an environment.
 *
 * @see docs/adr/0003-secrets-revealed-once.md
 */
export class SecretService {
  constructor(private readonly options: SecretServiceOptions) {}

  /** Hands out the current secret of an application, once. */
  async reveal(
    caller: Caller,
    environmentName: string,
    id: string,
  ): Promise<RevealedSecret> {
    const audit = {
      eventId: 'credential-reveal',
      severityLevel: 'high' as const,
      meta: { environment: environmentName, application: id },
    };
    return audited(this.options.auditor, caller, audit, async () => {
      const environment = await this.options.gate.open(
        caller,
        environmentName,
        genaiCredentialRevealPermission,
      );
      assertStays(environment);
      const application = await this.options.applications.require(
        environment,
        id,
      );
      assertRevealable(application);
      const clientSecret = await this.take(caller, environment, application);
      await this.noteReveal(caller, environment, application);
      return {
        clientId: application.client_id,
        clientSecret,
        secretVersion: application.secret_version,
      };
    });
  }

  private async take(
    caller: Caller,
    environment: EnvironmentRow,
    application: ApplicationRow,
  ): Promise<string> {
    const { applications, registry, logger, now } = this.options;
    const spec: EnvironmentSpec = JSON.parse(environment.spec);
    const provisioner = registry.require(spec.provisioner);
    const claim = { at: now(), by: actorOf(caller) };
    if (!(await applications.claimReveal(application, claim))) {
      assertRevealable(await applications.require(environment, application.id));
      throw new ConflictError(
        `The secret of application ${application.name} is just being changed. Try again.`,
      );
    }
    try {
      return await provisioner.takeSecret(
        { uid: environment.uid, name: environment.name },
        {
          clientId: application.client_id,
          secretVersion: application.secret_version,
        },
      );
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFoundError') {
        throw new ConflictError(
          `The secret of application ${application.name} was handed out before and cannot be shown again. Rotate it to get a new one.`,
        );
      }
      await applications.returnClaim(application);
      logger.warn(`Could not take a secret of ${environment.name}`, {
        error: String(error),
      });
      throw new ServiceUnavailableError(
        `Environment ${environment.name} does not hand out this secret just now. Try again in a moment, or rotate it to get a new one.`,
      );
    }
  }

  /** The secret is out by now: failing to note it must not lose it. */
  private async noteReveal(
    caller: Caller,
    environment: EnvironmentRow,
    application: ApplicationRow,
  ): Promise<void> {
    const { environments, logger, onChanged } = this.options;
    try {
      const result = await environments.change(environment.uid, row => ({
        set: {},
        events: [
          {
            type: 'Normal',
            reason: 'CredentialRevealed',
            message: `The secret of application ${application.name} was revealed.`,
            phase: row.phase,
            actor: actorOf(caller),
          },
        ],
      }));
      if (result) onChanged(result.row);
    } catch (error) {
      logger.error('Could not add a reveal to the timeline', error as Error);
    }
  }
}
