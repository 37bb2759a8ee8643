# Derechos de uso: lo que puede usarse.

entitlements-subtitle = Lo que incluyen sus planes y cuánto se ha usado
entitlements-table = Derechos de uso
entitlements-search = Buscar derechos de uso
entitlements-usage = Uso
entitlements-details = Datos
entitlements-included = Incluido
entitlements-amount = { $number } { $unit }
entitlements-used = { $used } de { $limit } usados
entitlements-used-of = Uso de { $name }
entitlements-used-unlimited = { $used } usados, sin límite
entitlements-used-label = Usado
entitlements-limit = Límite
entitlements-unlimited = Sin límite
entitlements-left = Restante
entitlements-granted-by = Incluido en
entitlements-empty-title = Aún no hay derechos de uso
entitlements-empty-text = Las funciones, cantidades y créditos de sus planes aparecerán aquí.
entitlements-none-found-title = No se han encontrado derechos de uso
