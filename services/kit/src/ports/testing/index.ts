export {
  objectStoreContract,
  type ObjectStoreUnderTest,
} from './objectStoreContract';
export { queueContract, type QueueUnderTest } from './queueContract';
