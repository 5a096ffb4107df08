import { isIban, isLuhn, isResidentId } from './check-digits.js';
import { type Detector, PLAIN, sensitive } from './detector.js';

const DROPPED = { spi: null, source: 'GB/T 45574-2025 leaves deposits, property and transactions out', mark: 'secondary' } as const;
const ACCOUNT = { role: 'identifier', us: 'financial', rank: 5, ...sensitive('financial_account', 'verified') } as const;

export const FINANCE: readonly Detector[] = [
  {
    id: 'bank_card', ...ACCOUNT, dpv: 'pd:PaymentCardNumber', headers: ['银行卡', '卡号', '信用卡', '储蓄卡', '借记卡', 'card number', 'card no', 'bank card', 'credit card', 'debit card', 'pan'],
    unless: ['sim', '会员', '身份'], test: ({ bare }, today) => /^[2-6]\d{12,18}$/.test(bare) && isLuhn(bare) && !isResidentId(bare, today), headed: 0.3, alone: 0.8, checked: true,
  },
  { id: 'iban', ...ACCOUNT, dpv: 'pd:FinancialAccountNumber', headers: ['iban'], test: ({ bare }) => isIban(bare), headed: 0.3, alone: 0.2, checked: true },
  {
    id: 'bank_account', ...ACCOUNT, dpv: 'pd:BankAccount', headers: ['银行账号', '银行帐号', '银行账户', '账号', '开户行', '证券账户', '支付宝', 'bank account', 'account number', 'account no', 'acct no', 'securities account', 'alipay'],
    test: ({ bare }) => /^[0-9A-Z]{6,34}$/.test(bare) && /\d{4}/.test(bare), headed: 0.3, alone: null,
  },
  { id: 'income', role: 'attribute', us: 'financial', dpv: 'pd:Income', headers: ['收入', '工资', '薪资', '薪酬', '年薪', '月薪', 'salary', 'income', 'wage', 'annual income', 'compensation'], unless: ['营业', '公司', 'company', 'gross domestic', 'per capita', '人均'], headed: 0, alone: null, ...sensitive('financial_account', 'secondary') },
  { id: 'credit_record', role: 'attribute', us: 'financial', dpv: 'pd:CreditRecord', headers: ['征信', '信用分', '信用评分', '逾期', '贷款', '授信', 'credit score', 'credit rating', 'fico', 'loan', 'overdue', 'default flag'], unless: ['信用代码'], headed: 0, alone: null, ...sensitive('other', 'general-knowledge') },
  { id: 'balance', role: 'attribute', us: 'financial', dpv: 'pd:FinancialAccount', headers: ['余额', '存款', '资产净值', 'balance', 'account balance', 'deposit', 'net worth'], headed: 0, alone: null, ...DROPPED },
  { id: 'purchase', role: 'attribute', us: 'financial', dpv: 'pd:Transaction', headers: ['交易金额', '消费', '订单金额', '流水', 'transaction amount', 'purchase', 'spending'], headed: 0, alone: null, ...DROPPED },
  { id: 'card_secret', role: 'attribute', us: 'financial', dpv: 'pd:PINCode', headers: ['支付密码', 'cvv', 'cvc', 'cvv2', 'pin code'], headed: 0, alone: null, ...sensitive('financial_account', 'general-knowledge') },
  { id: 'password', role: 'attribute', us: 'identifiers', dpv: 'pd:Password', headers: ['密码', '口令', 'password', 'passwd', 'pwd', 'password hash'], headed: 0, alone: null, ...PLAIN },
];
