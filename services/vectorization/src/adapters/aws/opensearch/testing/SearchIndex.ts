import { type Evaluated, evaluate, type Query } from './evaluateQuery';

/** Fields of a document as it was sent. */
export type Source = Record<string, any>;
export type StoredDocument = { id: string; source: Source };

type Operation =
  | { kind: 'add'; document: StoredDocument }
  | { kind: 'remove'; id: string };

/** One index of the emulator: what is written is found after a refresh. */
export class SearchIndex {
  private readonly documents = new Map<string, StoredDocument>();
  private searchable: StoredDocument[] = [];
  private readonly pending: Operation[] = [];

  /** @param definition - absent when writing made the index */
  constructor(readonly definition?: { mappings: { properties: any } }) {}

  add(document: StoredDocument): void {
    this.check(document.source);
    this.documents.set(document.id, document);
    this.pending.push({ kind: 'add', document });
  }

  /** Whether there was one. */
  remove(id: string): boolean {
    this.pending.push({ kind: 'remove', id });
    return this.documents.delete(id);
  }

  refresh(): void {
    const searchable = new Map(this.searchable.map(each => [each.id, each]));
    for (const operation of this.pending.splice(0)) {
      if (operation.kind === 'add') {
        searchable.set(operation.document.id, operation.document);
      } else searchable.delete(operation.id);
    }
    this.searchable = [...searchable.values()];
  }

  /** Of all documents, found or not. */
  get size(): number {
    return this.documents.size;
  }

  search(body: { size?: number; query: Query; _source?: any }) {
    const hits: Evaluated[] = evaluate(body.query, {
      documents: this.searchable,
      properties: this.definition?.mappings.properties ?? {},
    });
    return hits.slice(0, body.size ?? 10).map(({ document, score }) => ({
      _id: document.id,
      _score: score,
      _source: pick(document.source, body._source),
    }));
  }

  private check(source: Source): void {
    const { dimension } = this.definition?.mappings.properties.vector ?? {};
    if (dimension !== undefined && source.vector.length !== dimension) {
      throw new Error(`Vector dimension mismatch. Expected: ${dimension}`);
    }
  }
}

function pick(source: Source, wanted?: string[] | { excludes: string[] }) {
  if (!wanted) return source;
  const keep = Array.isArray(wanted)
    ? (name: string) => wanted.includes(name)
    : (name: string) => !wanted.excludes.includes(name);
  return Object.fromEntries(
    Object.entries(source).filter(([name]) => keep(name)),
  );
}
