import type { PromptSyntax } from './templates/CompiledTemplate';

/** One version of a prompt template. */
export type PromptVersion = {
  id: string;
  name: string;
  template: string;
  syntax: PromptSyntax;
  /** Counts from 1 without gaps, per application and name. */
  version: number;
};

/** A template with all its versions, ascending. */
export type PromptHistory = { name: string; versions: PromptVersion[] };

/** A name that points at one version of a template until it is moved. */
export type PromptLabel = {
  label: string;
  version: number;
  /** Milliseconds since 1970. */
  movedAt: number;
};

/** Always the newest version; nobody moves it. */
export const LATEST_LABEL = 'latest';

/** Which version is meant: the stated one, the labelled one, or else the latest. */
export type PromptReference = {
  name: string;
  version?: number;
  label?: string;
};
