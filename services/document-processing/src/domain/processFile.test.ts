import type { ObjectStore } from '@genai-environments/service-kit';
import type { TextExtractor } from '../ports/TextExtractor';
import { MAX_FILE_BYTES } from './Format';
import type { Job, JobFile } from './Job';
import { extractFile } from './processFile';

describe('extractFile', () => {
  it('refuses what is larger than a signed upload may be, unread', async () => {
    const extract = jest.fn();
    const work = {
      job: {} as Job,
      file: { id: 'f', jobId: 'j' } as JobFile,
      signal: new AbortController().signal,
    };
    const objects = {
      head: async () => ({ sizeBytes: MAX_FILE_BYTES + 1 }),
    } as unknown as ObjectStore;
    const extractor: TextExtractor = { extract };
    await expect(
      extractFile(work, { objects, extractor }),
    ).rejects.toMatchObject({
      name: 'FileRejectedError',
      code: 'file_too_large',
    });
    expect(extract).not.toHaveBeenCalled();
  });
});
