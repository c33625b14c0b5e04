import type { CostModel, VectorStore } from '../manifest/manifest';
import { PRICES } from './prices';

/** What calls cost beside the models themselves. */
export function perUse(vectorStore: VectorStore): CostModel['perUse'] {
  return [
    {
      name: 'requests',
      unit: 'million',
      usd: PRICES.millionApiRequests + PRICES.webAclMillionRequests,
    },
    { name: 'access tokens', unit: 'thousand', usd: PRICES.thousandTokens },
    {
      name: 'applications',
      unit: 'each and month',
      usd: PRICES.applicationMonth,
    },
    { name: 'records written', unit: 'million', usd: PRICES.millionWrites },
    { name: 'records read', unit: 'million', usd: PRICES.millionReads },
    {
      name: 'pages read by Textract',
      unit: 'thousand',
      usd: PRICES.thousandTextractPages,
    },
    { name: 'objects', unit: 'GiB and month', usd: PRICES.objectGibMonth },
    ...(vectorStore === 's3-vectors'
      ? [
          {
            name: 'vectors',
            unit: 'GiB and month',
            usd: PRICES.vectorGibMonth,
          },
          {
            name: 'searches',
            unit: 'million',
            usd: PRICES.millionVectorQueries,
          },
        ]
      : [
          {
            name: 'search and indexing',
            unit: 'OCU hour, none while idle',
            usd: PRICES.searchUnitHour,
          },
        ]),
    { name: 'logs', unit: 'GiB', usd: PRICES.logsGib },
  ];
}
