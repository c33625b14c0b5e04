/** What the policy needs to know about who asks. */
export type Caller = {
  userEntityRef: string;
  /** The user's own entity reference and those of the groups they belong to. */
  ownershipEntityRefs: string[];
  /** Whether the caller belongs to the group that runs the platform. */
  isPlatform: boolean;
};
