import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Whole pages render here, on machines that may be busy with other things.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 10_000 });
