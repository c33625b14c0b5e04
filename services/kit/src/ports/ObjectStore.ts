import type { Readable } from 'node:stream';
import type { ServiceHealth } from '../service/ServiceDefinition';

/** What is known of an object without reading it. */
export type ObjectInfo = {
  key: string;
  sizeBytes: number;
  contentType: string;
  /** Milliseconds since the epoch. */
  lastModifiedAt: number;
};

export type StoredObject = ObjectInfo & {
  /** Must be read to its end or destroyed. */
  body: Readable;
};

/**
 * Port: large things by key, such as uploads and artefacts.
 *
 * Keys are relative paths of letters, digits and `!_.*'()-` in segments divided by `/`; no
 * segment is `.` or `..`; at most 900 bytes. File names of people belong in a record, not in
 * a key.
 *
 * Every method is safe to repeat. Trouble is a `DependencyError` that says whether a retry
 * can help.
 */
export interface ObjectStore {
  /** Writes at once or not at all: readers see the object before or after. Replaces. */
  put(
    key: string,
    body: string | Uint8Array | Readable,
    options: { contentType: string },
  ): Promise<ObjectInfo>;

  /** `undefined` when there is no such object. */
  get(key: string): Promise<StoredObject | undefined>;

  /** `undefined` when there is no such object. */
  head(key: string): Promise<ObjectInfo | undefined>;

  /** Silent when it is gone already. */
  delete(key: string): Promise<void>;

  /** Deletes every object whose key begins with `prefix`, which must end with `/`. */
  deleteAll(prefix: string): Promise<void>;

  /**
   * An address to which its bearer can `PUT` the object, without a token, until it
   * expires. The answer to that is exactly 200.
   */
  signUpload(
    key: string,
    options: {
      contentType: string;
      maxSizeBytes: number;
      expiresAfterSeconds: number;
    },
  ): Promise<string>;

  /**
   * An address from which its bearer can `GET` the object, without a token, until it
   * expires. `fileName` is what a browser saves it as.
   */
  signDownload(
    key: string,
    options: { fileName?: string; expiresAfterSeconds: number },
  ): Promise<string>;

  health(): Promise<ServiceHealth>;
}
