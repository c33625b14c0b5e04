export * from './application';
export * from './ApplicationRegistry';
export { digestSecret } from './secrets';
