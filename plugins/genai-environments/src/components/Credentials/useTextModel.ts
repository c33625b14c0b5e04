import { useApi } from '@backstage/core-plugin-api';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import useAsync from 'react-use/esm/useAsync';
import { genaiEnvironmentsApiRef } from '../../api';

/**
 * The first text model of an environment, `undefined` while it is being looked up. When
 * the provisioner cannot be asked, the first model whose id does not speak of embedding.
 */
export function useTextModel(environment: Environment): string | undefined {
  const { provisioner, region, models } = environment.spec;
  const api = useApi(genaiEnvironmentsApiRef);
  const key = models.join('\n');
  const { value } = useAsync(async () => {
    const chosen = key.split('\n');
    try {
      const { items } = await api.listModels({ provisioner, region });
      const text = new Set(
        items.filter(item => item.kind === 'text').map(item => item.id),
      );
      const first = chosen.find(id => text.has(id));
      if (first) return first;
    } catch {
      // Fall through: a snippet with a likely model helps more than an error.
    }
    return chosen.find(id => !/embed/i.test(id)) ?? chosen[0];
  }, [api, provisioner, region, key]);
  return value;
}
