/** How the names of directories begin that are no project's repository. */
export const TEMPORARY_PREFIX = '.publishing-';
