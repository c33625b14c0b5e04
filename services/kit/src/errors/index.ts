export * from './DomainError';
export * from './problem';
export * from './errorHandler';
