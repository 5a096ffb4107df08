import { type Detector, sensitive } from './detector.js';

const HEALTH = { role: 'attribute', us: 'health', ...sensitive('medical_health', 'verified') } as const;
const GENOMIC = { role: 'attribute', us: 'human_genomic', dpv: 'pd:Genetic', ...sensitive('biometric', 'secondary', 'questions and answers of the CAC of January 2026: face, gene and voiceprint are sensitive') } as const;

export const HEALTH_DATA: readonly Detector[] = [
  {
    id: 'diagnosis', ...HEALTH, dpv: 'pd:HealthRecord', headed: 0, alone: null,
    headers: ['诊断', '病历', '病史', '病名', '疾病', '症状', '处方', '用药', '药品名称', '手术', '检验结果', '检查结果', '过敏', '既往史', '住院', '就诊', '医嘱', '疫苗', 'diagnosis', 'diagnosis code', 'diagnoses', 'medical history', 'medical record', 'symptom', 'symptoms', 'prescription', 'medication', 'allergy',
      'surgery', 'procedure code', 'lab result', 'test result', 'discharge', 'admission', 'vaccination', 'comorbidity', 'treatment'],
    unless: ['water', 'airline', 'vehicle', 'car', 'fault', '车'],
  },
  { id: 'vital_signs', ...HEALTH, dpv: 'pd:Health', headed: 0, alone: null, headers: ['血压', '血糖', '心率', '血型', '血脂', '体温', 'blood', 'blood pressure', 'blood type', 'blood group', 'glucose', 'heart rate', 'cholesterol', 'hba1c', 'systolic', 'diastolic', 'spo2'] },
  { id: 'mental_reproductive', ...HEALTH, dpv: 'pd:MentalHealth', headed: 0, alone: null, headers: ['精神', '抑郁', '怀孕', '孕周', '生育', 'mental health', 'depression', 'pregnancy', 'pregnant', 'hiv', 'hiv status'], unless: ['精神文明'] },
  { id: 'icd10', ...HEALTH, dpv: 'pd:HealthRecord', headers: ['icd', 'icd10', 'icd code', '疾病编码', '诊断编码', 'dx', 'dx code'], test: ({ text }) => /^[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?$/.test(text), headed: 0.3, alone: null },
];

/** The species does not show in the letters: that it is human is what the vendor may deny, with a reason. */
export const GENOMICS: readonly Detector[] = [
  { id: 'snp_id', ...GENOMIC, headers: ['rsid', 'snp', 'snp id', 'dbsnp'], test: ({ text }) => /^rs\d{3,12}$/.test(text), headed: 0.3, alone: 0.5, checked: true },
  { id: 'dna_sequence', ...GENOMIC, dpv: 'pd:DNACode', headers: ['sequence', 'dna', 'dna sequence', '基因序列', '碱基序列', 'read sequence'], test: ({ text }) => /^[ACGTN]{20,}$/i.test(text) && /[ACGT]{12}/i.test(text), headed: 0.3, alone: 0.5, checked: true },
  { id: 'genotype', ...GENOMIC, headers: ['genotype', 'gt', '基因型', 'haplotype', 'allele', '等位基因'], test: ({ text }) => /^(?:[ACGT]{1,2}|[01.][/|][01.]|[ACGT][/|][ACGT])$/.test(text), headed: 0.5, alone: null },
  { id: 'gene_record', ...GENOMIC, headers: ['基因检测', '遗传', '基因组', 'genetic test', 'genome', 'vcf', 'exome', 'variant call'], headed: 0, alone: null },
  { id: 'other_omic', ...GENOMIC, us: 'omic_other', dpv: 'pd:Health', headers: ['蛋白质组', '转录组', '代谢组', '表观遗传', 'proteomic', 'transcriptomic', 'metabolomic', 'methylation', 'epigenomic', 'rna seq'], headed: 0, alone: null },
];
