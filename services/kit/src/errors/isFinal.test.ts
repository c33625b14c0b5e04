import {
  ConflictError,
  DependencyError,
  InvalidInputError,
  isFinal,
  LimitExceededError,
  NotFoundError,
} from '.';

const dependency = (retryable: boolean) =>
  new DependencyError('The model.', { kind: 'failed', retryable });
const limit = (retryable: boolean) =>
  new LimitExceededError('Too many.', { retryAfterSeconds: 1, retryable });

describe('isFinal', () => {
  it('believes what an error says of itself', () => {
    expect([true, false].map(dependency).map(isFinal)).toEqual([false, true]);
    expect([true, false].map(limit).map(isFinal)).toEqual([false, true]);
    const error = Object.assign(new Error('No'), { retryable: false });
    expect(isFinal(error)).toBe(true);
  });

  it('is true of what is wrong with what was asked', () => {
    for (const error of [
      new InvalidInputError('No'),
      new NotFoundError('No'),
      new ConflictError('No'),
    ]) {
      expect(isFinal(error)).toBe(true);
    }
  });

  it('is false of everything else', () => {
    for (const error of [new Error('No'), 'a text', undefined, null]) {
      expect(isFinal(error)).toBe(false);
    }
  });
});
