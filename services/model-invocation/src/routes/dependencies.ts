import type { IdGenerator } from '@genai-environments/service-kit';
import type { Clock } from '@genai-environments/service-kit';
import type { AsyncInvocations } from '../domain/AsyncInvocations';
import type { Invocations } from '../domain/Invocations';
import type { ModelCatalog } from '../domain/ModelCatalog';
import type { UsageLedger } from '../ports/UsageLedger';

/** What the routes work with. */
export type RouteDependencies = {
  catalog: ModelCatalog;
  invocations: Invocations;
  asyncInvocations: AsyncInvocations;
  usage: UsageLedger;
  clock: Clock;
  newId: IdGenerator;
};
