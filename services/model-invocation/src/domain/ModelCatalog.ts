import {
  InvalidInputError,
  NotFoundError,
} from '@genai-environments/service-kit';
import type { ModelProvider } from '../ports/ModelProvider';
import type { Model, ModelKind } from './Model';

/** A model and who serves it. */
export type ServedModel = { model: Model; provider: ModelProvider };

/** The models that this environment may invoke, in the order of its configuration. */
export class ModelCatalog {
  private readonly served = new Map<string, ServedModel>();
  /** Configured models that no provider offers. */
  readonly unserved: string[] = [];

  constructor(options: { allowed: string[]; providers: ModelProvider[] }) {
    for (const id of options.allowed) {
      const found = findServed(id, options.providers);
      if (found) this.served.set(id, found);
      else this.unserved.push(id);
    }
  }

  list(kind?: ModelKind): Model[] {
    const models = [...this.served.values()].map(({ model }) => model);
    return kind ? models.filter(model => model.kind === kind) : models;
  }

  /** @throws NotFoundError (`model_not_found`) when it is not one of this environment's */
  find(id: string): Model {
    const found = this.served.get(id);
    return found ? found.model : this.get(id, 'text').model;
  }

  /** Providers that serve at least one model. */
  providers(): ModelProvider[] {
    return [
      ...new Set([...this.served.values()].map(({ provider }) => provider)),
    ];
  }

  /**
   * @throws NotFoundError (`model_not_found`) when it is not one of this environment's
   * @throws InvalidInputError (`wrong_model_kind`) when it is of the other kind
   */
  get(id: string, kind: ModelKind): ServedModel {
    const found = this.served.get(id);
    if (found?.model.kind === kind) return found;

    const allowed = this.list(kind).map(model => model.id);
    const choice = allowed.length
      ? `Choose one of: ${allowed.join(', ')}.`
      : `It has no ${kind} model; ask its owner to add one.`;
    if (found) {
      throw new InvalidInputError(
        `Model "${id}" is of kind ${found.model.kind}, this route needs one of kind ${kind}. ${choice}`,
        { code: 'wrong_model_kind' },
      );
    }
    if (this.unserved.includes(id)) {
      throw new NotFoundError(
        `Model "${id}" is configured, but nothing serves it at the moment. ${choice}`,
        { code: 'model_not_found' },
      );
    }
    throw new NotFoundError(
      `Model "${shorten(id)}" is not available in this environment. ${choice}`,
      { code: 'model_not_found' },
    );
  }
}

function findServed(
  id: string,
  providers: ModelProvider[],
): ServedModel | undefined {
  for (const provider of providers) {
    const model = provider.models.find(candidate => candidate.id === id);
    if (model) return { model, provider };
  }
  return undefined;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
