import type { Cancellation } from '../Cancellation';
import type { GenerateRequest, GenerationPart, PartIterator } from '../Model';
import type { ServedModel } from '../ModelCatalog';

/** A stream whose first part is there. */
export type BegunParts = {
  first: IteratorResult<GenerationPart>;
  parts: PartIterator;
};

/** Resolves with the first part: until then the call can be made again. */
export async function openParts(
  { provider, model }: ServedModel,
  request: GenerateRequest,
  cancellation: Cancellation,
): Promise<BegunParts> {
  const parts: PartIterator = provider
    .stream({ ...request, model: model.id }, cancellation)
    [Symbol.asyncIterator]();
  return { first: await parts.next(), parts };
}
