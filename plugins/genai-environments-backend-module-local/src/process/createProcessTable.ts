import { PosixProcessTable } from './PosixProcessTable';
import type { ProcessTable } from './ProcessTable';
import { WindowsProcessTable } from './WindowsProcessTable';

export function createProcessTable(): ProcessTable {
  return process.platform === 'win32'
    ? new WindowsProcessTable()
    : new PosixProcessTable();
}
