import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

/** Header in which the sign-in page names the demo user. */
export const DEMO_USER_HEADER = 'x-demo-user';

/**
 * Knows who the caller is because the caller says so: for demonstrations only.
 *
 * Like the guest provider it refuses to work outside of development unless
 * `auth.providers.demo.dangerouslyAllowOutsideDevelopment` is set, and it signs in
 * nobody whom `auth.providers.demo.users` does not list.
 */
export const demoAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: async (_result: { userEntityRef: string }) => ({
    profile: {},
  }),
  initialize({ config }) {
    const allowedOutsideDevelopment =
      config.getOptionalBoolean('dangerouslyAllowOutsideDevelopment') === true;
    return {
      enabled:
        process.env.NODE_ENV === 'development' || allowedOutsideDevelopment,
      users: config.getStringArray('users'),
    };
  },
  async authenticate({ req }, { enabled, users }) {
    if (!enabled) {
      throw new NotAllowedError(
        "The demo users cannot be used outside of a development environment unless 'auth.providers.demo.dangerouslyAllowOutsideDevelopment' is enabled",
      );
    }
    const userEntityRef = req.header(DEMO_USER_HEADER);
    if (!userEntityRef || !users.includes(userEntityRef)) {
      throw new InputError(
        `The header ${DEMO_USER_HEADER} must name one of the demo users ${users.join(
          ', ',
        )}`,
      );
    }
    return { result: { userEntityRef } };
  },
});

/** Sign-in as one of the users listed in `auth.providers.demo.users`. */
export default createBackendModule({
  pluginId: 'auth',
  moduleId: 'demo-users',
  register(reg) {
    reg.registerInit({
      deps: {
        providers: authProvidersExtensionPoint,
        logger: coreServices.logger,
      },
      async init({ providers, logger }) {
        logger.debug('Demo users can sign in without a password');
        providers.registerProvider({
          providerId: 'demo',
          factory: createProxyAuthProviderFactory({
            authenticator: demoAuthenticator,
            signInResolver: ({ result }, context) =>
              context.signInWithCatalogUser({
                entityRef: result.userEntityRef,
              }),
          }),
        });
      },
    });
  },
});
