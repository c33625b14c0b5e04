import { SchemaViolationError } from '@genai-environments/service-kit';
import { FieldTest, Filter, FilterValue, Operator, OPERATORS } from './Filter';

const MAX_DEPTH = 5;
const MAX_TESTS = 64;
const MAX_LIST = 100;
const MAX_TEXT = 1000;

class FilterParser {
  private tests = 0;

  parse(input: unknown, path: string[], depth = 1): Filter {
    if (!isObject(input)) {
      throw refuse(path, 'must be an object of fields and conditions');
    }
    if (depth > MAX_DEPTH) {
      throw refuse(path, `must not be nested deeper than ${MAX_DEPTH}`);
    }
    const members = Object.entries(input).map(([key, value]) =>
      this.parseMember(key, value, [...path, key], depth),
    );
    if (members.length === 0)
      throw refuse(path, 'must name at least one field');
    return members.length === 1
      ? members[0]
      : { kind: 'all', filters: members };
  }

  private parseMember(
    key: string,
    value: unknown,
    path: string[],
    depth: number,
  ): Filter {
    if (key === '$and' || key === '$or') {
      if (!Array.isArray(value) || value.length === 0) {
        throw refuse(path, 'must be a list of filters');
      }
      return {
        kind: key === '$and' ? 'all' : 'any',
        filters: value.map((each, index) =>
          this.parse(each, [...path, String(index)], depth + 1),
        ),
      };
    }
    if (key.startsWith('$') || key === '' || key.length > 100) {
      throw refuse(path, 'must be a field, "$and" or "$or"');
    }
    return this.parseField(key, value, path);
  }

  private parseField(field: string, value: unknown, path: string[]): Filter {
    if (!isObject(value)) {
      return this.test(
        {
          kind: 'test',
          field,
          operator: '$eq',
          operand: parseValue(value, path),
        },
        path,
      );
    }
    const tests = Object.entries(value).map(([operator, operand]) => {
      const at = [...path, operator];
      if (!isOperator(operator)) {
        throw refuse(at, `must be one of ${OPERATORS.join(', ')}`);
      }
      return this.test(
        {
          kind: 'test',
          field,
          operator,
          operand: parseOperand(operator, operand, at),
        },
        at,
      );
    });
    if (tests.length === 0) throw refuse(path, 'must hold a condition');
    return tests.length === 1 ? tests[0] : { kind: 'all', filters: tests };
  }

  private test(test: FieldTest, path: string[]): FieldTest {
    this.tests += 1;
    if (this.tests > MAX_TESTS) {
      throw refuse(path, `must not hold more than ${MAX_TESTS} conditions`);
    }
    return test;
  }
}

/**
 * Reads `{"file_name": "a.pdf", "page_number": {"$gte": 2}, "$or": [{…}, {…}]}`. Members of
 * an object must all hold.
 *
 * @throws SchemaViolationError that names the member which is wrong
 */
export function parseFilter(input: unknown): Filter {
  return new FilterParser().parse(input, ['filter']);
}

function parseOperand(
  operator: Operator,
  operand: unknown,
  path: string[],
): FieldTest['operand'] {
  switch (operator) {
    case '$exists':
      if (typeof operand === 'boolean') return operand;
      throw refuse(path, 'must be true or false');
    case '$in':
    case '$nin':
      if (
        Array.isArray(operand) &&
        operand.length > 0 &&
        operand.length <= MAX_LIST
      ) {
        return operand.map((value, index) =>
          parseValue(value, [...path, String(index)]),
        );
      }
      throw refuse(path, `must be a list of 1 to ${MAX_LIST} values`);
    case '$eq':
    case '$ne':
      return parseValue(operand, path);
    default:
      if (typeof operand === 'number') return parseValue(operand, path);
      throw refuse(path, 'must be a number');
  }
}

function parseValue(value: unknown, path: string[]): FilterValue {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
  throw refuse(
    path,
    `must be a number, true, false or a text of at most ${MAX_TEXT} characters`,
  );
}

function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(path: string[], message: string): SchemaViolationError {
  const dotted = path.join('.');
  return new SchemaViolationError(
    `Check "${dotted}" in the body: ${message}.`,
    { code: 'invalid_filter', issues: [{ path: dotted, message }] },
  );
}
