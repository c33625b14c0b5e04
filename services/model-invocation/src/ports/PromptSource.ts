/** Port: prompts that are kept by name; every application has its own. */
export interface PromptSource {
  /**
   * Fills the variables into a version of a prompt: the one that is named, the one that
   * wears the label, or else the newest. Reads only.
   *
   * @throws NotFoundError when the application has no such prompt, version or label
   * @throws SchemaViolationError or InvalidInputError when variables are missing
   */
  render(
    clientId: string,
    prompt: {
      name: string;
      version?: number;
      label?: string;
      variables: Record<string, unknown>;
    },
  ): Promise<{ text: string; version: number }>;
}
