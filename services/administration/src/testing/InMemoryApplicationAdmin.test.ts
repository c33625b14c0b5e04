import { applicationAdminContract } from '../ports/testing/applicationAdminContract';
import { InMemoryApplicationAdmin } from './InMemoryApplicationAdmin';

describe('InMemoryApplicationAdmin', () => {
  applicationAdminContract({
    async setUp() {
      const applications = new InMemoryApplicationAdmin();
      return {
        applications,
        async putPortal(clientId, application) {
          applications.putPortal(clientId, application);
        },
        async tearDown() {},
      };
    },
  });
});
