/**
 * How a field shows that its value is wrong. Below the field the form lists what its
 * validation said, so the field itself says only what the form has not heard of yet.
 */
export function formError(
  rawErrors: string[] | undefined,
  problem?: string,
): { invalid: boolean; message?: string } {
  const isSaidByForm = Boolean(rawErrors?.length);
  return {
    invalid: isSaidByForm || problem !== undefined,
    message: isSaidByForm ? undefined : problem,
  };
}
