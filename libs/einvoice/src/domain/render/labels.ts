const EN = {
  lang: 'en', invoice: 'Invoice', creditNote: 'Credit note', number: 'Number', issued: 'Issued on', due: 'Due on', reference: 'Buyer reference', order: 'Purchase order', contract: 'Agreement', trade: 'Trade', preceding: 'Of invoice', seller: 'Seller', buyer: 'Buyer',
  item: 'Item', quantity: 'Quantity', price: 'Unit price', amount: 'Amount', net: 'Net', tax: 'Tax', gross: 'Total', prepaid: 'Paid before', payable: 'Payable',
} as const;
export type Labels = Readonly<Record<keyof typeof EN, string>>;

/** What stands on a rendition beside the data. */
export const LABELS: { readonly en: Labels; readonly zh: Labels } = {
  en: EN,
  zh: {
    lang: 'zh-Hans', invoice: '账单', creditNote: '贷记单', number: '编号', issued: '开具日期', due: '付款期限', reference: '买方参考号', order: '采购订单', contract: '协议', trade: '交易', preceding: '对应账单', seller: '卖方', buyer: '买方',
    item: '项目', quantity: '数量', price: '单价', amount: '金额', net: '不含税合计', tax: '税额', gross: '价税合计', prepaid: '已付', payable: '应付',
  },
};
