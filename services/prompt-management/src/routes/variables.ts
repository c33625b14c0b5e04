import * as z from 'zod';

/** How deep values may be nested; deeper ones would exhaust the stack when made to text. */
const MAX_DEPTH = 20;
const MAX_VARIABLES = 500;

/** Values of a template's variables by name, any JSON. */
export const variablesSchema = z
  .record(z.string().min(1).max(200), z.unknown())
  .superRefine((variables, context) => {
    const names = Object.keys(variables);
    if (names.length > MAX_VARIABLES) {
      context.addIssue({
        code: 'custom',
        message: `must hold at most ${MAX_VARIABLES} variables`,
      });
      return;
    }
    for (const name of names) {
      if (isTooDeep(variables[name])) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `must not be nested deeper than ${MAX_DEPTH} levels`,
        });
      }
    }
  })
  .default({})
  .describe('Values of the variables by name.');

/** Goes level by level, because a recursion would itself exhaust the stack. */
function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap(each =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}
