import type { GenerateRequest } from '../Model';

/**
 * Where a limit has to hold and the caller names no maximum, the one that was reserved is
 * asked for: the model's own may be more.
 */
export function withMaxTokens(
  request: GenerateRequest,
  maxTokens: number | undefined,
): GenerateRequest {
  if (maxTokens === undefined || request.maxTokens !== undefined)
    return request;
  return { ...request, maxTokens };
}
