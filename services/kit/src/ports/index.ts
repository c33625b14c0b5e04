export type { ObjectInfo, ObjectStore, StoredObject } from './ObjectStore';
export type { DeadMessage, Queue, QueueMessage } from './Queue';
