import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type {
  ModelInfo,
  ProvisionerInfo,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  Provisioner,
  ProvisionerSetupError,
} from '@genai-environments/backstage-plugin-genai-environments-node';

/** The provisioners that modules installed. */
export class ProvisionerRegistry {
  readonly provisioners: ReadonlyMap<string, Provisioner>;
  private readonly defaultId?: string;
  private readonly logger: LoggerService;

  /** @throws InputError when the configured default is not installed. */
  constructor(options: {
    provisioners: ReadonlyMap<string, Provisioner>;
    defaultProvisioner?: string;
    logger: LoggerService;
  }) {
    const { provisioners, defaultProvisioner } = options;
    if (defaultProvisioner && !provisioners.has(defaultProvisioner)) {
      throw new InputError(
        `Configuration genaiEnvironments.defaultProvisioner names "${defaultProvisioner}", which is not installed. Installed are: ${
          [...provisioners.keys()].join(', ') || 'none'
        }.`,
      );
    }
    this.provisioners = provisioners;
    this.defaultId = defaultProvisioner ?? [...provisioners.keys()][0];
    this.logger = options.logger;
  }

  get(id: string): Provisioner | undefined {
    return this.provisioners.get(id);
  }

  /** The provisioner that an existing environment needs. */
  require(id: string): Provisioner {
    const provisioner = this.get(id);
    if (provisioner) return provisioner;
    throw new ConflictError(
      `The provisioner "${id}" of this environment is not installed in the portal. Ask the platform team to add its backend module again.`,
    );
  }

  /** @throws ConflictError when its environments cannot be hibernated */
  async assertCanHibernate(id: string): Promise<void> {
    const { canHibernate, title } = await this.infoOf(id);
    if (canHibernate) return;
    throw new ConflictError(
      `Environments of "${title}" cannot be hibernated. Tear the environment down when it is not needed.`,
    );
  }

  /** @throws ConflictError when the services of its environments cannot be scaled */
  async assertCanScale(id: string): Promise<void> {
    const { canScale, title } = await this.infoOf(id);
    if (canScale) return;
    throw new ConflictError(
      `Services of environments of "${title}" cannot be scaled. Choose another provisioner for an environment under load.`,
    );
  }

  async list(): Promise<ProvisionerInfo[]> {
    return Promise.all(
      [...this.provisioners.values()].map(provisioner =>
        this.ask(provisioner.id, async () => ({
          ...(await provisioner.getInfo()),
          isDefault: provisioner.id === this.defaultId,
        })),
      ),
    );
  }

  async listModels(request: {
    provisioner: string;
    region: string;
  }): Promise<ModelInfo[]> {
    const provisioner = this.get(request.provisioner);
    if (!provisioner) throw new InputError(this.unknown(request.provisioner));
    const { regions } = await this.ask(provisioner.id, () =>
      provisioner.getInfo(),
    );
    if (!regions.includes(request.region)) {
      throw new InputError(
        `Field "region" is invalid: provisioner "${
          provisioner.id
        }" offers ${regions.join(', ')}; received "${request.region}".`,
      );
    }
    return this.ask(provisioner.id, () =>
      provisioner.listModels({ region: request.region }),
    );
  }

  /** A sentence for requests that name a provisioner which is not there. */
  unknown(id: string): string {
    const known = [...this.provisioners.keys()].map(key => `"${key}"`);
    return known.length
      ? `Field "provisioner" must be one of ${known.join(
          ', ',
        )}; received "${id}".`
      : 'No provisioner is installed in this portal. Ask the platform team to add one of its backend modules.';
  }

  /**
   * Turns a failure of the world behind the provisioner into an answer for people;
   * what it was exactly goes to the log.
   *
   * @throws InputError that `question` rejected with: the question itself was wrong.
   * @throws ServiceUnavailableError when `question` rejects with anything else; with the
   *   words of a ProvisionerSetupError, because waiting does not help then.
   */
  async ask<T>(id: string, question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof Error && error.name === 'InputError') throw error;
      this.logger.warn(`Provisioner ${id} did not answer`, {
        error: String(error),
      });
      if (isSetupError(error)) throw new ServiceUnavailableError(error.message);
      throw new ServiceUnavailableError(
        `The provisioner "${id}" does not answer just now. Try again in a moment.`,
      );
    }
  }

  private infoOf(id: string): ReturnType<Provisioner['getInfo']> {
    const provisioner = this.require(id);
    return this.ask(id, () => provisioner.getInfo());
  }
}

/** By name: the module that threw it may bring its own copy of the class. */
function isSetupError(error: unknown): error is ProvisionerSetupError {
  return error instanceof Error && error.name === 'ProvisionerSetupError';
}
