export * from './DomainError';
export * from './isFinal';
export * from './problem';
export * from './errorHandler';
