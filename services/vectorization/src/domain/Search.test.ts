import type { VectorIndex } from '../ports/VectorIndex';
import type { FoundChunk } from './Chunk';
import { Search, type SearchMode } from './Search';
import { VectorIndexes } from './VectorIndexes';
import type { VectorStores } from './VectorStores';

const found = (chunkId: string): FoundChunk => ({
  chunkId,
  fileName: 'a.txt',
  text: chunkId,
  score: 1,
});

function setUp({ ranksByText }: { ranksByText: boolean }) {
  const embed = jest.fn(async () => ({
    model: 'm',
    vectors: [[1, 0]],
    inputTokens: 1,
  }));
  const vectors = {
    ranksByText,
    searchByVector: async () => [found('near')],
    searchByText: async () => {
      if (!ranksByText) throw new Error('no words');
      return [found('words')];
    },
  } as unknown as VectorIndex;
  const stores = {
    getIndex: async () => ({
      storeType: 'local',
      embedding: { model: 'm', dimension: 2 },
    }),
  } as unknown as VectorStores;
  const embedder = { embed, defaultModel: () => 'm' };
  const indexes = new VectorIndexes([['local', vectors]]);
  const search = new Search({ stores, indexes, embedder });
  const find = async (mode?: SearchMode) => {
    const request = { indexId: 'i', query: 'q', topK: 3, mode };
    return (await search.find('a', request)).map(({ chunkId }) => chunkId);
  };
  return { embed, find };
}

describe('Search', () => {
  it('embeds the question as one', async () => {
    const { embed, find } = setUp({ ranksByText: true });
    await find('vector');
    expect(embed).toHaveBeenCalledWith('a', {
      model: 'm',
      inputs: ['q'],
      purpose: 'query',
    });
  });

  it('joins words where the index ranks by them, unless told otherwise', async () => {
    const { find } = setUp({ ranksByText: true });
    expect(await find()).toEqual(['near', 'words']);
    expect(await find('vector')).toEqual(['near']);
  });

  it('goes by vectors alone where it does not, and does not pretend more', async () => {
    const { find } = setUp({ ranksByText: false });
    expect(await find()).toEqual(['near']);
    await expect(find('hybrid')).rejects.toThrow('no words');
  });
});
