/** What invoices say of an organisation beside its name and numbers. Null: nothing. */
export interface BillingProfile {
  readonly street: string | null;
  readonly additional: string | null;
  readonly city: string | null;
  readonly postcode: string | null;
  /** GST registration number of Singapore. */
  readonly gstNumber: string | null;
  /** Participant of the Peppol network: scheme of the EAS list and value. */
  readonly endpointScheme: string | null;
  readonly endpointValue: string | null;
  /** What its suppliers state on every invoice (BT-10). */
  readonly buyerReference: string | null;
  readonly accountId: string | null;
  readonly accountInstitution: string | null;
  readonly contactName: string | null;
  readonly contactPhone: string | null;
  readonly contactEmail: string | null;
}
export const PROFILE_FIELDS = ['street', 'additional', 'city', 'postcode', 'gstNumber', 'endpointScheme', 'endpointValue', 'buyerReference', 'accountId', 'accountInstitution', 'contactName', 'contactPhone', 'contactEmail'] as const satisfies readonly (keyof BillingProfile)[];
