/** What somebody is about to buy. */
export interface Purchase {
  /** Comes back in every event about the order. */
  transactionId: string;
  /** Whose account it is for. */
  actorId: string;
  packageId: string;
  /** The provider's product; the test provider needs none. */
  productId: string | undefined;
  /** Proposed to who pays; null for organizations. */
  email: string | null;
  /** Address of this server for people, without a slash at the end. */
  publicUrl: string;
  /** Where the buyer goes afterwards. */
  returnUrl: string;
}

/** A page on which the purchase is paid. */
export interface Checkout {
  url: string;
  expiresAt: Date;
}

/** Money to be paid back for an order. */
export interface RefundRequest {
  /** The provider's id of the order. */
  orderId: string;
  /** Before tax. */
  cents: number;
  /** For the provider's own records. */
  comment: string;
}

/** A purchase that was paid. */
export interface PaidPurchase extends Pick<Purchase, 'transactionId' | 'publicUrl'> {
  /** The provider's id of the order. */
  orderId: string;
}

/**
 * Who takes payments. That something was paid, or paid back, never follows from these calls: it is told by a
 * webhook, and only that moves credits.
 */
export interface PaymentProvider {
  readonly name: 'polar' | 'test';
  /** @throws UNAVAILABLE, PAYMENT_PROVIDER_REFUSED */
  openCheckout(purchase: Purchase): Promise<Checkout>;
  /** @throws UNAVAILABLE, PAYMENT_PROVIDER_REFUSED */
  refund(request: RefundRequest): Promise<void>;
  /** Where the receipt of an order can be had; such an address lasts for minutes. @throws UNAVAILABLE, PAYMENT_PROVIDER_REFUSED */
  findReceipt(paid: PaidPurchase): Promise<string>;
}
