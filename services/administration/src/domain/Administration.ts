import { NotFoundError } from '@genai-environments/service-kit';
import type {
  AdminApplication,
  ApplicationAdmin,
  CreatedApplication,
} from '../ports/ApplicationAdmin';
import type { LimitAdmin, Limits, LimitState } from '../ports/LimitAdmin';

/** Scopes of applications that are made here: the classic one opens the classic API. */
const SCOPES = ['genaifoundations/read'] as const;

/** Looks after the applications of an environment and their limits. */
export class Administration {
  constructor(
    private readonly options: {
      applications: ApplicationAdmin;
      /** Absent when the environment invokes no models. */
      limits?: LimitAdmin;
    },
  ) {}

  listApplications(page: { limit?: number; after?: string }) {
    return this.options.applications.list(page);
  }

  createApplication(application: {
    name: string;
    description: string;
  }): Promise<CreatedApplication> {
    return this.options.applications.create({ ...application, scopes: SCOPES });
  }

  /**
   * @throws NotFoundError (`application_not_found`)
   * @throws ConflictError when the portal has disabled it
   */
  async setActive(
    clientId: string,
    active: boolean,
  ): Promise<AdminApplication> {
    const changed = await this.options.applications.setActive(clientId, active);
    return changed ?? unknownApplication(clientId);
  }

  /** @throws NotFoundError (`application_not_found`) */
  async getApplication(clientId: string): Promise<AdminApplication> {
    const found = await this.options.applications.find(clientId);
    return found ?? unknownApplication(clientId);
  }

  /**
   * Limits of an application, or of the environment, and how they stand.
   *
   * @throws NotFoundError (`application_not_found`, `limits_unavailable`)
   */
  async getLimits(
    clientId?: string,
  ): Promise<{ limits: Limits; state: LimitState[] }> {
    const admin = this.limits();
    if (clientId !== undefined) await this.getApplication(clientId);
    return {
      limits: await admin.getLimits(clientId),
      state: await admin.getState(clientId),
    };
  }

  /** @throws NotFoundError (`application_not_found`, `limits_unavailable`) */
  async setLimits(limits: Limits, clientId?: string) {
    const admin = this.limits();
    if (clientId !== undefined) await this.getApplication(clientId);
    await admin.setLimits(limits, clientId);
    return this.getLimits(clientId);
  }

  /** How the limits of a calling application stand; none where no models are invoked. */
  async getOwnLimits(clientId: string): Promise<LimitState[]> {
    return (await this.options.limits?.getState(clientId)) ?? [];
  }

  private limits(): LimitAdmin {
    if (this.options.limits) return this.options.limits;
    throw new NotFoundError(
      'This environment invokes no models, so it has no limits to keep.',
      { code: 'limits_unavailable' },
    );
  }
}

function unknownApplication(clientId: string): never {
  throw new NotFoundError(
    `There is no application ${JSON.stringify(
      clientId.slice(0, 100),
    )}. GET /admin/platform/get_all_app_clients lists all of them.`,
    { code: 'application_not_found' },
  );
}
