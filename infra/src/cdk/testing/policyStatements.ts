/** A statement of a synthesized policy, as far as tests look. */
export type PolicyStatement = {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
};

/** What IAM takes of a managed policy, without white space. */
export const MOST_CHARACTERS = 6144;

/** Of a role with policies of its own, or of a policy. */
export function statementsOf(
  properties: Record<string, any>,
): PolicyStatement[] {
  const documents = properties.PolicyDocument
    ? [properties.PolicyDocument]
    : (properties.Policies ?? []).map(
        ({ PolicyDocument }: { PolicyDocument: unknown }) => PolicyDocument,
      );
  return documents.flatMap(({ Statement }: any) => Statement);
}

/** That a statement is limited to what has, or is given, the tag of environments. */
export function hasTag({ Condition = {} }: PolicyStatement): boolean {
  return Object.values(Condition).some(each =>
    Object.keys(each).some(key => /^aws:Re\w+Tag\/genai:/.test(key)),
  );
}
