import {
  InvalidInputError,
  NotFoundError,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import type { ModelProvider } from '../ports/ModelProvider';
import type { Model, ModelKind } from './Model';

/** A model and who serves it. */
export type ServedModel = { model: Model; provider: ModelProvider };

/** Alias → the model that is meant, then those that take over when it fails. */
export const modelAliasesSchema = z.record(
  z.string().min(1).max(200),
  z.array(z.string().min(1).max(200)).min(1).max(10),
);

export type ModelAliases = z.infer<typeof modelAliasesSchema>;

/** What callers may name: one model, or an alias of several. */
type Entry = { model: Model; candidates: ServedModel[] };

/** The models that this environment may invoke, in the order of its configuration. */
export class ModelCatalog {
  private readonly entries = new Map<string, Entry>();
  private readonly served = new Map<string, ServedModel>();
  /** Configured models and aliases that no provider offers. */
  readonly unserved: string[] = [];

  /** @throws Error for an alias that is a model's id, or mixes models of both kinds */
  constructor(options: {
    allowed: string[];
    providers: ModelProvider[];
    aliases?: ModelAliases;
  }) {
    for (const id of options.allowed) {
      const found = findServed(id, options.providers);
      if (!found) {
        this.unserved.push(id);
        continue;
      }
      this.served.set(id, found);
      this.entries.set(id, { model: found.model, candidates: [found] });
    }
    for (const [alias, ids] of Object.entries(options.aliases ?? {})) {
      this.addAlias(alias, ids);
    }
  }

  /** Models, then aliases. */
  list(kind?: ModelKind): Model[] {
    const models = [...this.entries.values()].map(({ model }) => model);
    return kind ? models.filter(model => model.kind === kind) : models;
  }

  /** @throws NotFoundError (`model_not_found`) when it is not one of this environment's */
  find(id: string): Model {
    const found = this.entries.get(id);
    return found ? found.model : this.refuse(id, 'text');
  }

  /** Providers that serve at least one model. */
  providers(): ModelProvider[] {
    return [
      ...new Set([...this.served.values()].map(({ provider }) => provider)),
    ];
  }

  /**
   * Who is to be asked first, and who takes over in turn; at least one.
   *
   * @throws NotFoundError (`model_not_found`) when it is not one of this environment's
   * @throws InvalidInputError (`wrong_model_kind`) when it is of the other kind
   */
  resolve(id: string, kind: ModelKind): ServedModel[] {
    const found = this.entries.get(id);
    if (found?.model.kind === kind) return found.candidates;
    return this.refuse(id, kind);
  }

  private addAlias(alias: string, ids: string[]): void {
    if (this.served.has(alias)) {
      throw new Error(
        `The alias "${alias}" is the id of a model. Call it otherwise.`,
      );
    }
    const candidates = ids.flatMap(id => this.served.get(id) ?? []);
    if (candidates.length === 0) {
      this.unserved.push(alias);
      return;
    }
    const [{ model }] = candidates;
    if (candidates.some(other => other.model.kind !== model.kind)) {
      throw new Error(
        `The alias "${alias}" mixes text models with embedding models. Name models of one kind.`,
      );
    }
    this.entries.set(alias, {
      model: { id: alias, kind: model.kind, provider: 'alias' },
      candidates,
    });
  }

  private refuse(id: string, kind: ModelKind): never {
    const found = this.entries.get(id);
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
