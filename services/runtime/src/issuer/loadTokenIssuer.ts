import type {
  createTokenIssuer,
  TokenIssuerOptions,
} from './createTokenIssuer';

/**
 * Makes the token issuer; its library is evaluated only now. It costs more time and
 * memory than everything else that the runtime starts with, and nobody asks for a
 * token before the first application is there.
 */
export function loadTokenIssuer(
  options: TokenIssuerOptions,
): ReturnType<typeof createTokenIssuer> {
  // `require`: the routes need it at once, and the bundler defers it like an import().
  const module =
    // eslint-disable-next-line global-require
    require('./createTokenIssuer') as typeof import('./createTokenIssuer');
  return module.createTokenIssuer(options);
}
