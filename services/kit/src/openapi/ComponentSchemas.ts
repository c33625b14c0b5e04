import * as z from 'zod';
import { toPortablePattern } from './portablePattern';

type JsonSchema = Record<string, unknown>;

/**
 * Collects the schemas of a document. Schemas with `.meta({ id })` become components
 * that are referred to by name; all others stay where they are used.
 */
export class ComponentSchemas {
  private readonly components = new Map<string, string>();

  /** JSON Schema of what callers send (`input`) or receive (`output`). */
  describe(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      ...rest
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        // Answers may gain fields; a client must not be generated to refuse them.
        if (io === 'output') delete jsonSchema.additionalProperties;
        usePortablePatterns(jsonSchema);
      },
    }) as JsonSchema & { $defs?: Record<string, JsonSchema> };

    const names = new Map<string, string>();
    for (const [id, definition] of Object.entries($defs)) {
      names.set(id, this.nameFor(id, JSON.stringify(definition), io));
    }
    for (const [id, definition] of Object.entries($defs)) {
      this.components.set(
        names.get(id)!,
        JSON.stringify(refer(definition, names)),
      );
    }
    return refer(rest, names) as JsonSchema;
  }

  toJSON(): Record<string, JsonSchema> {
    return Object.fromEntries(
      [...this.components].map(([name, text]) => [name, JSON.parse(text)]),
    );
  }

  /** One name for a schema that is the same in both directions, two when it differs. */
  private nameFor(id: string, definition: string, io: string): string {
    const known = this.originals.get(id);
    if (known === undefined || known === definition) {
      this.originals.set(id, definition);
      return id;
    }
    return io === 'output' ? `${id}Output` : `${id}Input`;
  }

  private readonly originals = new Map<string, string>();
}

/** A schema with several patterns has them in `allOf`. */
function usePortablePatterns(schema: z.core.JSONSchema.JSONSchema): void {
  for (const each of [schema, ...(schema.allOf ?? [])]) {
    if (each.pattern) each.pattern = toPortablePattern(each.pattern);
  }
}

/** Points references at the components. */
function refer(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map(item => refer(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const id =
        key === '$ref' && typeof item === 'string'
          ? item.replace('#/$defs/', '')
          : undefined;
      return id !== undefined && names.has(id)
        ? [key, `#/components/schemas/${names.get(id)}`]
        : [key, refer(item, names)];
    }),
  );
}
