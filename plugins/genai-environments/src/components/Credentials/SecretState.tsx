import type { Application } from '@genai-environments/backstage-plugin-genai-environments-common';
import { OwnerLink } from '../common/OwnerLink';
import { RelativeTime } from '../common/RelativeTime';

/** Where an application's secret stands, in words. */
export function SecretState(props: { application: Application }) {
  const { secretState, revealedAt, revealedBy } = props.application;
  switch (secretState) {
    case 'pending':
      return <>Being made…</>;
    case 'available':
      return <>Not revealed yet</>;
    case 'managed':
      return <>Handed to the app by the environment</>;
    default:
      return (
        <>
          Revealed {revealedAt && <RelativeTime at={revealedAt} />}
          {revealedBy && (
            <>
              {' by '}
              <OwnerLink entityRef={revealedBy} />
            </>
          )}
        </>
      );
  }
}
