# Textos del portal con las palabras de una marca.

texts-title = Textos
texts-text = Cualquier texto del portal, con sus propias palabras. Los cambios se ven en uno o dos segundos.
texts-own-count =
    { $count ->
        [0] No hay ninguno cambiado en este idioma.
        [one] Hay uno cambiado en este idioma.
       *[other] Hay { $count } cambiados en este idioma.
    }
texts-search = Buscar por palabras o clave
texts-language = Idioma
texts-area = Parte
texts-only = Mostrar
texts-only-own = Solo palabras propias
texts-now = Texto
texts-key = Clave
texts-state = Estado
texts-shipped = De serie
texts-none-found = No se encontró ningún texto
texts-first-page = Al principio
texts-own-words = Palabras propias
texts-own-words-hint = Texto sin formato; lo que está entre llaves se inserta. Use solo los argumentos del texto de serie.
texts-reset-text = El texto vuelve a mostrarse con las palabras de serie.
texts-shipped-words = Palabras de serie
texts-arguments = Argumentos
texts-arguments-text = Se pueden insertar:
texts-arguments-none = En este texto no se inserta nada.
texts-area-common = General
texts-area-entry = Acceso
texts-area-sign-up = Registro
texts-area-overview = Resumen
texts-area-invoices = Facturas
texts-area-credit-notes = Notas de crédito
texts-area-payments = Pagos
texts-area-balance = Saldo
texts-area-vouchers = Vales
texts-area-pay = Pagar
texts-area-pay-links = Enlaces de pago
texts-area-payment-methods = Métodos de pago
texts-area-subscriptions = Suscripciones
texts-area-contracts = Contratos
texts-area-entitlements = Derechos de uso
texts-area-profile = Perfil
texts-area-staff-visit = Visitas del personal
texts-area-mail = Correos
texts-area-errors = Errores
texts-area-faults = Avisos de formularios

text-fault-empty = No hay nada. Para ocultar algo, use los interruptores de la marca; para volver, las palabras de serie.
text-fault-too-long = Caben 2.000 caracteres como máximo.
text-fault-characters = Hay caracteres que no corresponden a un texto.
text-fault-braces = Una llave se abre o se cierra sin la otra. Para mostrar una llave, escriba {"{"}"{"{"}"{"}"}.
text-fault-empty-braces = Entre las llaves no hay nada que se pueda insertar. Un argumento empieza por el signo del dólar.
text-fault-quotes = Unas comillas entre llaves no se cierran.
text-fault-no-default = Una elección necesita una entrada para los demás casos, que empieza por *[other].
text-fault-too-deep = Hay demasiadas llaves unas dentro de otras.
text-fault-syntax = Esta línea no se puede leer. Las líneas no deben empezar por un punto, un asterisco o un corchete, salvo que sean de una elección.
text-fault-unknown-argument = Este texto no recibe «{ $name }». Use solo los argumentos del texto de serie.
text-fault-reference = No se pueden insertar funciones ni otros textos: «{ $name }».
text-fault-markup = Este texto lleva marcas. Sus etiquetas deben ser las del texto de serie, en el mismo orden.

notice-text-saved = El texto está guardado.
notice-text-reset = El texto tiene de nuevo las palabras de serie.
