import { useState } from 'react';
import { ProxiedSignInPage } from '@backstage/core-components';
import type { IdentityApi } from '@backstage/core-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import { DemoUser } from './demoUsers';
import { forgetUser, getRememberedUser, rememberUser } from './rememberedUser';
import { SignInChoices } from './SignInChoices';
import { SignInProblem } from './SignInProblem';

/** Signs in as the remembered demo user, or asks who one wants to be. */
export const DemoSignInPage = ({ onSignInSuccess }: SignInPageProps) => {
  const [user, setUser] = useState<DemoUser | undefined>(getRememberedUser);
  const [attempt, setAttempt] = useState(1);

  if (!user) {
    return (
      <SignInChoices
        onChoose={chosen => {
          rememberUser(chosen);
          setAttempt(1);
          setUser(chosen);
        }}
      />
    );
  }

  return (
    <ProxiedSignInPage
      key={`${user.id}-${attempt}`}
      provider={user.provider}
      headers={user.headers}
      onSignInSuccess={identity =>
        onSignInSuccess(forgettingOnSignOut(identity))
      }
      ErrorComponent={({ error }) => (
        <SignInProblem
          error={error}
          user={user}
          attempt={attempt}
          onRetry={() => setAttempt(attempt + 1)}
          onChooseAgain={() => {
            forgetUser();
            setUser(undefined);
          }}
        />
      )}
    />
  );
};

function forgettingOnSignOut(identity: IdentityApi): IdentityApi {
  return {
    getBackstageIdentity: () => identity.getBackstageIdentity(),
    getCredentials: () => identity.getCredentials(),
    getProfileInfo: () => identity.getProfileInfo(),
    async signOut() {
      forgetUser();
      await identity.signOut();
    },
  };
}
