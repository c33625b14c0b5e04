import { DEMO_USERS, DemoUser } from './demoUsers';

const STORAGE_KEY = 'genai-environments.signed-in-as';

/** Who signed in last in this browser and did not sign out. */
export function getRememberedUser(): DemoUser | undefined {
  const id = window.localStorage.getItem(STORAGE_KEY);
  return DEMO_USERS.find(user => user.id === id);
}

export function rememberUser(user: DemoUser): void {
  window.localStorage.setItem(STORAGE_KEY, user.id);
}

export function forgetUser(): void {
  window.localStorage.removeItem(STORAGE_KEY);
}
