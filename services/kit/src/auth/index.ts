export * from './ApplicationDirectory';
export * from './AuthPolicy';
export {
  type AuthOptions,
  createTokenGate,
  MissingAuthPolicyError,
  type TokenGate,
} from './authentication';
export { Caller } from './Caller';
export { LruCache } from './LruCache';
export * from './TokenVerifier';
