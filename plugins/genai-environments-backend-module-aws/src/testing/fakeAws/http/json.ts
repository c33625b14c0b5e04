/** JSON as AWS has it: times are seconds since 1970. Test code. */
export function toJson(output: object): string {
  return JSON.stringify(output, function replacer(key, value) {
    const raw = this[key];
    return raw instanceof Date ? raw.getTime() / 1000 : value;
  });
}
