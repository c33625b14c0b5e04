import type { AuthService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { tierSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import { ENVIRONMENT_UID_ANNOTATION, TIER_LABEL } from './entities';

export type KnownApi = { name: string; uid: string; definition: string };

/**
 * What the catalog already knows about the environments' APIs.
 *
 * After a restart nothing is in memory, and an environment that hibernates cannot be
 * asked for its document. Without this, the first full sync would take its API entity
 * away.
 */
export class KnownApis {
  static create(options: { auth: AuthService; catalog: CatalogService }) {
    return new KnownApis(options.auth, options.catalog);
  }

  private constructor(
    private readonly auth: AuthService,
    private readonly catalog: CatalogService,
  ) {}

  async load(): Promise<KnownApi[]> {
    const { items } = await this.catalog.getEntities(
      {
        filter: {
          kind: 'API',
          [`metadata.labels.${TIER_LABEL}`]: tierSchema.options,
        },
        fields: ['metadata.name', 'metadata.annotations', 'spec.definition'],
      },
      { credentials: await this.auth.getOwnServiceCredentials() },
    );
    return items.flatMap(({ metadata, spec }) => {
      const uid = metadata.annotations?.[ENVIRONMENT_UID_ANNOTATION];
      const definition = spec?.definition;
      return uid && typeof definition === 'string'
        ? [{ name: metadata.name, uid, definition }]
        : [];
    });
  }
}
