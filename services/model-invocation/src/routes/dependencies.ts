import type { IdGenerator } from '@genai-environments/service-kit';
import type { Clock } from '@genai-environments/service-kit';
import type { AsyncInvocations } from '../domain/AsyncInvocations';
import type { Invocations } from '../domain/Invocations';
import type { ModelCatalog } from '../domain/ModelCatalog';
import type { ModelCalls } from '../domain/calls/ModelCalls';
import type { WholeCalls } from '../domain/calls/WholeCalls';
import type { PromptSource } from '../ports/PromptSource';

/** What the routes work with. */
export type RouteDependencies = {
  catalog: ModelCatalog;
  invocations: Invocations;
  asyncInvocations: AsyncInvocations;
  calls: ModelCalls;
  whole: WholeCalls;
  /** Absent: prompts cannot be named. */
  prompts?: PromptSource;
  /** For callers that do not say; absent: nothing is remembered for them. */
  cacheSeconds?: number;
  clock: Clock;
  newId: IdGenerator;
};
